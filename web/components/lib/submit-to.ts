import { make } from "./dom";

/** Posts to an address as a form of the page would, with the page's token against forged requests. */
export function submitTo(action: string): void {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content;
  const form = make("form", { method: "post", action, hidden: true, "data-script": true });
  if (token) form.append(make("input", { type: "hidden", name: "csrf", value: token }));
  document.body.append(form);
  form.requestSubmit();
  form.remove();
}
