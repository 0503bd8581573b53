/** What became of a refund at WorldFirst: `none` also where it was refused; `taken` while its money is on its way. */
type Fortune = 'none' | 'taken' | 'settled' | 'declined';

interface Entry {
  fortune: Fortune;
  /** Whether a request is being sent, or was lost and may still arrive. */
  beingSent: boolean;
  lost: boolean;
  /** Every body that was sent under this id, as text. */
  bodies: Set<string>;
}

/**
 * The truth about the money of one order or payment. It knows nothing of the rules. It carries out every id that reaches it,
 * and each of them once, as WorldFirst's idempotency field promises.
 */
export class WorldFirst {
  readonly ids = new Map<string, Entry>();
  /** Whether an inquiry ever finds what was taken. */
  isListed = true;
  /** Whether it carries out what it refuses. */
  refusalsAreLies = false;
  /** How the order was closed. */
  closed?: 'Y' | 'N';
  refundedElsewhere = false;

  /** A request is on its way. */
  posted(id: string, body: unknown): void {
    const entry = this.ids.get(id) ?? { fortune: 'none', beingSent: true, lost: false, bodies: new Set() };
    entry.beingSent = true;
    entry.bodies.add(JSON.stringify(body));
    this.ids.set(id, entry);
  }

  /** The request arrives, and is carried out unless one under this id was. */
  carriesOut(id: string): void {
    const entry = this.#under(id);
    entry.beingSent = false;
    if (entry.fortune === 'none' && this.closed !== 'N') entry.fortune = 'taken';
  }

  /** The request never arrives, or is refused. */
  leavesUndone(id: string): void {
    this.#under(id).beingSent = false;
  }

  /** The request is lost on its way, and may arrive later. */
  loses(id: string): void {
    Object.assign(this.#under(id), { beingSent: false, lost: true });
  }

  /** What was lost on its way arrives after all. */
  findsWhatWasLost(): void {
    for (const entry of this.ids.values()) {
      if (entry.lost && entry.fortune === 'none' && this.closed !== 'N') entry.fortune = 'taken';
      entry.lost = false;
    }
  }

  /** What was taken comes to its end. */
  settles(as: 'settled' | 'declined'): void {
    for (const entry of this.ids.values()) if (entry.fortune === 'taken') entry.fortune = as;
  }

  /** The order is closed: with what was taken or somebody else's refund, or without any. */
  closes(as: 'Y' | 'N'): void {
    if (this.closed || (as === 'N' && this.fortunes.includes('settled'))) return;
    this.settles(as === 'Y' ? 'settled' : 'declined');
    this.refundedElsewhere = as === 'Y' && !this.fortunes.includes('settled');
    this.closed = as;
  }

  get fortunes(): Fortune[] {
    return [...this.ids.values()].map(({ fortune }) => fortune);
  }

  fortuneOf(id: string): Fortune {
    return this.ids.get(id)?.fortune ?? 'none';
  }

  /** Under how many ids money was returned, or is on its way. */
  get refunds(): number {
    return this.fortunes.filter((fortune) => fortune === 'taken' || fortune === 'settled').length;
  }

  /** Whether money was returned under an id, or still may be. */
  mayMove(id: string): boolean {
    const { fortune, beingSent, lost } = this.#under(id);
    if (fortune === 'none') return (beingSent || lost) && this.closed !== 'N';
    return fortune !== 'declined';
  }

  /** Whether money was returned under any id, or still may be. */
  get mayHaveMoved(): boolean {
    return [...this.ids.keys()].some((id) => this.mayMove(id));
  }

  #under(id: string): Entry {
    const entry = this.ids.get(id);
    if (!entry) throw new Error(`nothing was sent under ${id}`);
    return entry;
  }
}
