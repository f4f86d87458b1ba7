// How every editor behaves for keyboards, screen readers and phones. CodeMirror makes them; this is asked as it does.
import CodeMirror from "codemirror";
import { PHONE } from "./phone.js";

// Screen readers read what can be edited; in CodeMirror's hidden text area there is nothing to read.
CodeMirror.defaults.inputStyle = "contenteditable";

// `false` leaves the key to the browser: Tab goes on to the next control.
const KEYS = { Tab: false, "Shift-Tab": false, "Ctrl-]": "indentMore", "Ctrl-[": "indentLess" };

CodeMirror.defineInitHook((editor) => {
  editor.addKeyMap(KEYS);
  describe(editor);
  leaveSuggestions(editor);
  wrapWhereNarrow(editor);
});

function describe(editor) {
  const field = editor.getInputField();
  const wrapper = editor.getWrapperElement();
  const label = wrapper.closest("[data-label]")?.dataset.label;
  field.setAttribute("role", "textbox");
  field.setAttribute("aria-multiline", "true");
  if (label) editor.setOption("screenReaderLabel", label);
  if (editor.getOption("readOnly")) field.setAttribute("aria-readonly", "true");
  else field.setAttribute("aria-describedby", "editor-help");
}

// The list of suggestions would take Tab for itself, and stay open when the reader has gone elsewhere.
function leaveSuggestions(editor) {
  const hints = editor.getOption("hintOptions");
  if (!hints) return;
  hints.extraKeys = {
    Tab: (_, list) => {
      list.close();
      return CodeMirror.Pass;
    },
  };
  editor.on("blur", (_, event) => {
    const next = event?.relatedTarget;
    if (next && !next.closest(".CodeMirror-hints")) editor.closeHint();
  });
}

function wrapWhereNarrow(editor) {
  const unwrapped = editor.getOption("lineWrapping");
  const wrap = () => editor.setOption("lineWrapping", unwrapped || PHONE.matches);
  PHONE.addEventListener("change", wrap);
  wrap();
}
