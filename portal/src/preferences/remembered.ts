/** Small things that a page remembers in this browser, by a name of their own. */

export function remembered<Value>(name: string, otherwise: Value): Value {
  try {
    const text = localStorage.getItem(`deskhand.${name}`);
    return text === null ? otherwise : (JSON.parse(text) as Value);
  } catch {
    return otherwise;
  }
}

export function remember(name: string, value: unknown): void {
  try {
    localStorage.setItem(`deskhand.${name}`, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing forgets it with the page.
  }
}
