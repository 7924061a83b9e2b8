/** Typing a name in a list goes to it, as in every tree and list of an operating system. */

/** Milliseconds after which a letter begins a new name. */
const PAUSE = 1200;

export class TypedName {
  private text = '';
  private last = 0;

  /**
   * The index of the name that begins with what was typed, or null where the key is none of a name
   * or no name begins so. The same letter again goes to the next name that begins with it.
   */
  find(key: string, names: readonly string[], from: number, now: number): number | null {
    if (now - this.last > PAUSE) this.text = '';
    const continues = this.text !== '';
    // A space begins nothing: it is a key of its own there.
    if (!/^.$/u.test(key) || (!continues && !/[\p{L}\p{N}]/u.test(key))) return null;
    this.last = now;
    const letter = key.toLowerCase();
    const again = this.text === letter;
    this.text = again ? letter : this.text + letter;
    const start = continues && !again ? from : from + 1;
    for (let step = 0; step < names.length; step += 1) {
      const index = (start + step) % names.length;
      if (names[index]?.toLowerCase().startsWith(this.text)) return index;
    }
    if (!continues) this.text = '';
    return continues ? from : null;
  }
}
