declare module "@hotwired/turbo" {
  interface VisitOptions {
    action?: "advance" | "replace";
    frame?: string;
    shouldCacheSnapshot?: boolean;
    refresh?: { method: "morph" | "replace"; scroll: "preserve" | "reset" };
  }
  export const session: {
    visit(url: string | URL, options?: VisitOptions): void;
    readonly recentRequests: Set<string>;
    readonly navigator: { readonly currentVisit?: unknown; readonly formSubmission?: { readonly state: string } };
  };
  export const config: { drive: { progressBarDelay: number } };
  export function morphBodyElements(current: HTMLElement, next: HTMLElement): void;
  /** The browser's own, with the header by which a live page knows its own changes. */
  export const fetch: typeof window.fetch;
  export function visit(url: string | URL, options?: VisitOptions): void;
}
