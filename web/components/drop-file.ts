import { make } from "./lib/dom";

/** Takes files by drop and paste into the file field within, says what was chosen, and refuses what is too large. */
export class DropFile extends HTMLElement {
  #said = make("p", { class: "chosen", role: "status", "data-script": true });
  #cleanUp = new AbortController();

  get #field(): HTMLInputElement | null {
    return this.querySelector('input[type="file"]');
  }

  connectedCallback(): void {
    this.#cleanUp = new AbortController();
    const { signal } = this.#cleanUp;
    (this.querySelector(".field") ?? this).append(this.#said);
    this.#said.textContent = this.#field?.multiple ? "Or drop files here." : "Or drop a file here.";
    this.setAttribute("data-ready", "");
    this.addEventListener("dragover", (event) => this.#over(event), { signal });
    this.addEventListener("dragleave", () => this.classList.remove("over"), { signal });
    this.addEventListener("drop", (event) => this.#drop(event), { signal });
    this.addEventListener("change", () => this.#check(), { signal });
    document.addEventListener("paste", (event) => this.#paste(event), { signal });
  }

  disconnectedCallback(): void {
    this.#cleanUp.abort();
  }

  #over(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.classList.add("over");
  }

  #drop(event: DragEvent): void {
    event.preventDefault();
    this.classList.remove("over");
    this.#take(event.dataTransfer?.files);
  }

  #paste(event: ClipboardEvent): void {
    const files = event.clipboardData?.files;
    if (!files?.length) return;
    event.preventDefault();
    this.#take(files);
  }

  #take(files: FileList | undefined): void {
    const field = this.#field;
    if (!field || !files?.length) return;
    field.files = files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #check(): void {
    const field = this.#field;
    const limit = Number(this.dataset["maxBytes"] ?? Infinity);
    const files = [...(field?.files ?? [])];
    const large = files.find(({ size }) => size > limit);
    this.#said.className = large ? "error" : "chosen";
    this.#said.textContent = large
      ? `${large.name} is ${sizeOf(large.size)}; the most that can be taken is ${sizeOf(limit)}.`
      : files.map(({ name, size }) => `${name}, ${sizeOf(size)}`).join("; ");
    if (large && field) field.value = "";
  }
}

function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
