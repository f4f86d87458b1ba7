// Sets up every editor for keyboards, screen readers and phones, when CodeMirror creates it.
import CodeMirror from "codemirror";
import { PHONE } from "./phone.js";

// Screen readers read editable content. CodeMirror's default, a hidden text area, has nothing for them to read.
CodeMirror.defaults.inputStyle = "contenteditable";

// `false` leaves a key to the browser: Tab moves to the next control.
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

// Closes the suggestions on Tab and when the focus leaves the editor. They would otherwise use Tab and stay open.
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
