// Proves that the colours of styles/tokens.css meet WCAG 2.2 AA, in light and dark: 4.5 for text, 3 for edges of controls.
// The conversion from OKLCH follows https://bottosson.github.io/posts/oklab/, the contrast WCAG 2.2's "relative luminance".
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const styles = join(dirname(fileURLToPath(import.meta.url)), "..", "styles");
const [light = "", dark = ""] = readFileSync(join(styles, "tokens.css"), "utf8").split("@media");
const hues = [...readFileSync(join(styles, "components", "avatar.css"), "utf8").matchAll(/\.hue-\d+ \{\s*--hue: (\d+)/g)].map((match) => Number(match[1]));

const grounds = ["paper", "surface", "sunken", "hover"];
const pairs = [
  ...["ink", "ink-2", "ink-3", "accent-ink", "bad"].flatMap((text) => grounds.map((ground) => [text, ground, 4.5])),
  ...["good", "warn", "bad"].map((state) => [state, `${state}-wash`, 4.5]),
  ...["ink", "ink-2"].flatMap((text) => ["good-wash", "warn-wash", "bad-wash", "accent-wash", "line"].map((wash) => [text, wash, 4.5])),
  ["accent-ink", "accent-wash", 4.5],
  ["on-accent", "accent", 4.5],
  ["on-accent", "accent-hover", 4.5],
  ["good", "surface", 4.5],
  ["good", "sunken", 4.5],
  ["warn", "sunken", 4.5],
  ["ink-3", "accent-wash", 4.5],
  ["line-control", "surface", 3],
  ["accent", "paper", 3],
  ["accent", "sunken", 3],
];

let failures = 0;
for (const [name, text] of [["light", light], ["dark", light + dark]]) {
  const tokens = new Map([...text.matchAll(/--([\w-]+): (?:oklch\(([^)/]+)\)|([\d.]+));/g)].map((match) => [match[1], (match[2] ?? match[3]).trim().split(" ").map(Number)]));
  for (const [front, ground, least] of pairs) check(name, front, ground, contrast(tokens.get(front), tokens.get(ground)), least);
  for (const hue of hues) {
    const disc = [tokens.get("hue-lightness")[0], tokens.get("hue-chroma")[0], hue];
    check(name, "on-hue", `hue ${hue}`, contrast(tokens.get("on-hue"), disc), 4.5);
  }
}
console.log(failures === 0 ? "All colours that carry text can be read." : `${failures} pairs are too faint.`);
process.exit(failures === 0 ? 0 : 1);

function check(theme, front, ground, ratio, least) {
  if (ratio >= least) return;
  failures += 1;
  console.log(`${theme}: ${front} on ${ground} is ${ratio.toFixed(2)}, needs ${least}`);
}

function contrast(a, b) {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function luminance([lightness, chroma, hue]) {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const red = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
  const green = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
  const blue = -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s;
  const clamp = (value) => Math.min(1, Math.max(0, value));
  return 0.2126 * clamp(red) + 0.7152 * clamp(green) + 0.0722 * clamp(blue);
}
