import { announce, debounce } from "./lib/dom";

const pause = 1_000;

/** Keeps what is typed into the textarea within as a draft on the server, and takes files that are dropped or pasted into it. */
export class DraftBox extends HTMLElement {
  #cleanUp = new AbortController();
  #sending: AbortController | null = null;
  #save = debounce(pause, () => void this.#keep());

  get #area(): HTMLTextAreaElement | null {
    return this.querySelector("textarea");
  }

  get #form(): HTMLFormElement | null {
    return this.closest("form");
  }

  connectedCallback(): void {
    this.#cleanUp = new AbortController();
    const { signal } = this.#cleanUp;
    this.addEventListener("input", this.#save, { signal });
    this.addEventListener("paste", (event) => this.#take(event, event.clipboardData?.files), { signal });
    this.addEventListener("drop", (event) => this.#take(event, event.dataTransfer?.files), { signal });
    this.addEventListener("dragover", (event) => this.#over(event), { signal });
    this.addEventListener("dragleave", () => this.classList.remove("over"), { signal });
    // A comment that is on its way is no draft any more.
    this.#form?.addEventListener("submit", () => this.#stop(), { signal });
  }

  disconnectedCallback(): void {
    this.#cleanUp.abort();
    this.#save.cancel();
  }

  #stop(): void {
    this.#save.cancel();
    this.#sending?.abort();
  }

  #fields(): FormData {
    const data = new FormData();
    for (const name of ["csrf", "kind", "record"]) data.set(name, this.#form?.querySelector<HTMLInputElement>(`[name=${name}]`)?.value ?? "");
    return data;
  }

  async #keep(): Promise<void> {
    this.#sending?.abort();
    this.#sending = new AbortController();
    const fields = this.#fields();
    fields.set("body", this.#area?.value ?? "");
    const body = new URLSearchParams([...fields].map(([name, value]) => [name, String(value)]));
    const answer = await fetch("/drafts", { method: "POST", body, signal: this.#sending.signal, keepalive: body.toString().length < 60_000 }).catch(() => null);
    if (answer?.ok) this.#say(this.#area?.value.trim() ? "Kept as your draft. Only you see it." : "");
  }

  #say(words: string): void {
    const place = this.#form?.querySelector("[data-draft]");
    if (place && place.textContent !== words) place.textContent = words;
  }

  #over(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.classList.add("over");
  }

  #take(event: Event, files: FileList | null | undefined): void {
    this.classList.remove("over");
    if (!files?.length) return;
    event.preventDefault();
    void this.#bring([...files]);
  }

  async #bring(files: File[]): Promise<void> {
    const area = this.#area;
    const body = this.#fields();
    for (const file of files) body.append("file", file, file.name || "file");
    this.#say("Bringing the file.");
    const answer = await fetch("/files", { method: "POST", body, headers: { accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) return this.#refuse(answer);
    const { text } = (await answer.json()) as { text: string };
    if (!area) return;
    const gap = area.selectionStart > 0 && !area.value.slice(0, area.selectionStart).endsWith("\n") ? "\n" : "";
    area.setRangeText(`${gap}${text}\n`, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    this.#say("");
    announce("The file is in the text");
  }

  async #refuse(answer: Response | null): Promise<void> {
    const page = answer ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    this.#say(page?.querySelector("main .lead, main p")?.textContent ?? "The file could not be brought. Try again.");
  }
}
