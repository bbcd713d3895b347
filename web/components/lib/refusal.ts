import { make } from "./dom";

/** The sentence with which the server refused, in JSON or on a page. */
export async function refusalOf(answer: Response | null): Promise<string> {
  const lost = "That could not be saved. Try again.";
  if (!answer) return lost;
  const text = await answer.text();
  if (answer.headers.get("content-type")?.startsWith("application/json")) return (JSON.parse(text) as { sentence?: string }).sentence ?? lost;
  return new DOMParser().parseFromString(text, "text/html").querySelector("main .lead, main p")?.textContent ?? lost;
}

/** Shows that something went wrong until the reader takes it away. */
export function complain(sentence: string): void {
  const message = document.createElement("flash-message");
  message.className = "flash bad";
  message.setAttribute("data-script", "");
  message.append(make("p", { role: "alert" }, sentence));
  document.getElementById("flashes")?.append(message);
}
