declare module "@hotwired/turbo" {
  interface RefreshOptions {
    method?: "morph" | "replace";
    scroll?: "preserve" | "reset";
    requestId?: string;
  }
  export const session: {
    refresh(url: string, options?: RefreshOptions): void;
    readonly recentRequests: Set<string>;
    readonly navigator: { readonly currentVisit?: unknown; readonly formSubmission?: { readonly state: string } };
  };
  export const config: { drive: { progressBarDelay: number } };
  export function morphBodyElements(current: HTMLElement, next: HTMLElement): void;
  /** The browser's own, with the header by which a live page knows its own changes. */
  export const fetch: typeof window.fetch;
  export function visit(url: string | URL, options?: { action?: "advance" | "replace"; frame?: string }): void;
}
