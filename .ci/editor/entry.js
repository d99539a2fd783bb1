/*
 * The editor of the work page: what of CodeMirror is bundled, and how it is set up.
 *
 * `node build.mjs` makes grader/service/web/static/editor.js of it. The pages know nothing but
 * `createEditor`, whose types are in editor.d.ts beside it.
 */

import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import {
  bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting,
} from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, Prec, Transaction } from "@codemirror/state";
import {
  drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter,
  highlightSpecialChars, keymap, lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** How long Tab leaves the editor after Escape. Two seconds, as CodeMirror has it, are too short. */
const TAB_LEAVES_MS = 20_000;

// Colours are the page's: it knows whether it is dark.
const colours = HighlightStyle.define([
  { tag: tags.comment, color: "var(--code-comment)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword,
    tags.moduleKeyword], color: "var(--code-keyword)" },
  { tag: tags.function(tags.definition(tags.variableName)), color: "var(--code-name)",
    fontWeight: "600" },
  { tag: tags.invalid, textDecoration: "underline wavy" },
]);

const theme = EditorView.theme({
  "&": { color: "inherit", backgroundColor: "var(--code-ground)", fontSize: "0.82rem" },
  "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "currentColor", padding: "0.4rem 0" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "currentColor", borderLeftWidth: "2px" },
  ".cm-gutters": {
    backgroundColor: "transparent", color: "var(--soft-ink)",
    borderRight: "1px solid var(--line)",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--code-line)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { backgroundColor: "var(--code-selected)" },
  ".cm-selectionMatch": { backgroundColor: "var(--code-line)" },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--code-selected)", outline: "1px solid currentColor",
  },
  ".cm-panels": { backgroundColor: "var(--card)", color: "inherit" },
  ".cm-textfield": {
    backgroundColor: "var(--ground)", borderColor: "var(--soft-ink)", color: "inherit",
  },
  ".cm-button": {
    backgroundImage: "none", backgroundColor: "var(--ground)", borderColor: "var(--soft-ink)",
  },
});

/**
 * Put an editor into `parent`.
 *
 * @param {import("../../grader/service/web/static/editor.js").EditorOptions} options
 * @returns {import("../../grader/service/web/static/editor.js").Editor}
 */
export function createEditor({ parent, text, label, describedBy, nonce, onChange, onRun }) {
  const commands = Prec.highest(keymap.of([
    { key: "Mod-Enter", run: () => { onRun(); return true; } },
    // Beside what Escape closes: it must not use the key up.
    { key: "Escape", run: (view) => { view.setTabFocusMode(TAB_LEAVES_MS); return false; } },
  ]));
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        commands,
        lineNumbers(), highlightActiveLineGutter(), highlightActiveLine(), highlightSpecialChars(),
        history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(),
        search({ top: true }), highlightSelectionMatches(),
        keymap.of([
          ...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap,
          indentWithTab,
        ]),
        python(), indentUnit.of("    "), EditorState.tabSize.of(4),
        syntaxHighlighting(colours), theme,
        EditorView.cspNonce.of(nonce),
        EditorView.contentAttributes.of({
          "aria-label": label, "aria-describedby": describedBy,
          tabindex: "0", // it has the focus anyway, which not every tool can see
          autocapitalize: "off", autocorrect: "off", spellcheck: "false",
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange();
        }),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    // One change, so that undoing brings back what was there.
    replace: (other) => {
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: other },
        selection: { anchor: 0 },
        annotations: Transaction.userEvent.of("input.replace"),
      });
    },
    focus: () => view.focus(),
    showLine: (number) => {
      const line = view.state.doc.line(Math.min(Math.max(number, 1), view.state.doc.lines));
      view.dispatch({ selection: { anchor: line.from }, scrollIntoView: true });
      view.focus();
    },
  };
}
