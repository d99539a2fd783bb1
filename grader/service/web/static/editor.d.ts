/** What the bundled editor gives to the pages. */

export interface EditorOptions {
  parent: HTMLElement;
  text: string;
  /** What a screen reader calls it. */
  label: string;
  /** The id of the element that says which keys do what. */
  describedBy: string;
  /** The page's nonce: the editor brings a style sheet of its own. */
  nonce: string;
  onChange: () => void;
  onRun: () => void;
}

export interface Editor {
  text(): string;
  /** Replace the whole text in one step, which undoing takes back. */
  replace(text: string): void;
  focus(): void;
  /** Put the cursor at the beginning of a line, counted from 1. */
  showLine(number: number): void;
}

export function createEditor(options: EditorOptions): Editor;
