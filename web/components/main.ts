import { config } from "@hotwired/turbo";
import { AutoSubmit } from "./auto-submit";
import { CommandPalette } from "./command-palette";
import { watchConfirmations } from "./confirm-form";
import { CopyButton } from "./copy-button";
import { DayStrip } from "./day-strip";
import { focusErrors } from "./error-summary";
import { FlashMessage } from "./flash-message";
import { KeyboardMap } from "./keyboard-map";
import { watchForms } from "./lib/unsaved";
import { startLivePages } from "./live-page";
import { LocalTime } from "./local-time";
import { watchMenus } from "./menus";
import { guardMorphs } from "./morph-guard";
import { OfflineBanner } from "./offline-banner";
import { ThemeSwitch } from "./theme-switch";
import { guardUnsaved } from "./unsaved-guard";

// The style sheet draws the progress of a visit, since Turbo's own bar would need a style element in the page.
config.drive.progressBarDelay = 2 ** 31 - 1;

watchForms();
guardMorphs();
guardUnsaved();
watchConfirmations();
watchMenus();
focusErrors();
startLivePages();

customElements.define("auto-submit", AutoSubmit);
customElements.define("command-palette", CommandPalette);
customElements.define("copy-button", CopyButton);
customElements.define("day-strip", DayStrip);
customElements.define("flash-message", FlashMessage);
customElements.define("keyboard-map", KeyboardMap);
customElements.define("local-time", LocalTime);
customElements.define("offline-banner", OfflineBanner);
customElements.define("theme-switch", ThemeSwitch);

const rare: Record<string, () => Promise<CustomElementConstructor>> = {
  "combo-box": async () => (await import("./combo-box")).ComboBox,
  "draft-box": async () => (await import("./draft-box")).DraftBox,
  "drop-file": async () => (await import("./drop-file")).DropFile,
  "hours-editor": async () => (await import("./hours-editor")).HoursEditor,
  "issue-board": async () => (await import("./issue-board")).IssueBoard,
  "issue-list": async () => (await import("./issue-list")).IssueList,
  "issue-picker": async () => (await import("./issue-picker")).IssuePicker,
  "mention-box": async () => (await import("./mention-box")).MentionBox,
  "receiver-clock": async () => (await import("./receiver-clock")).ReceiverClock,
  "query-box": async () => (await import("./query-box")).QueryBox,
  "topic-board": async () => (await import("./topic-board")).TopicBoard,
  "triage-list": async () => (await import("./triage-list")).TriageList,
  "org-chart": async () => (await import("./org-chart")).OrgChart,
};

function defineRare(): void {
  for (const [name, load] of Object.entries(rare)) {
    if (!document.querySelector(name)) continue;
    delete rare[name];
    void load().then((element) => customElements.define(name, element));
  }
}

defineRare();
for (const event of ["turbo:load", "turbo:render", "turbo:frame-load", "turbo:morph"]) {
  document.addEventListener(event, defineRare);
}
