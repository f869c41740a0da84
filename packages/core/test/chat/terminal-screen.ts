interface Row {
  readonly cells: string[];
  /** True when the row goes on where the one above was full. */
  continues: boolean;
}

const sequence = /^\u001b\[(\??)([\d;]*)([A-Za-z])/; // eslint-disable-line no-control-regex

/** As much of a terminal as readline uses; whatever else is asked of it is kept as an effect. */
export class TerminalScreen {
  readonly effects: string[] = [];
  private readonly rows: Row[] = [{ cells: [], continues: false }];
  private row = 0;
  private column = 0;

  constructor(private readonly columns: number) {}

  /** What stands on the screen; rows that were wrapped are one line. */
  get text(): string {
    return this.rows
      .map(({ cells, continues }, index) => `${continues || index === 0 ? '' : '\n'}${cells.join('')}`)
      .join('');
  }

  write(output: string): void {
    for (let rest = output; rest !== '';) {
      const command = sequence.exec(rest);
      if (command === null) {
        const [character] = rest as unknown as readonly [string];
        this.put(character);
        rest = rest.slice(character.length);
      } else {
        this.obey(command[0], command[3] as string, Number(command[2] || '0'));
        rest = rest.slice(command[0].length);
      }
    }
  }

  private put(character: string): void {
    if (character === '\n') return this.moveTo(this.row + 1, 0, false);
    if (character === '\r') {
      this.column = 0;
      return;
    }
    // eslint-disable-next-line no-control-regex
    if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(character)) {
      this.effects.push(JSON.stringify(character));
      return;
    }
    if (this.column >= this.columns) this.moveTo(this.row + 1, 0, true);
    const { cells } = this.rows[this.row] as Row;
    while (cells.length < this.column) cells.push(' ');
    cells[this.column] = character;
    this.column += 1;
  }

  private moveTo(row: number, column: number, continues: boolean): void {
    this.row = Math.max(0, row);
    this.column = column;
    while (this.rows.length <= this.row) this.rows.push({ cells: [], continues });
    if (continues) (this.rows[this.row] as Row).continues = true;
  }

  private obey(command: string, verb: string, count: number): void {
    const row = this.rows[this.row] as Row;
    if (verb === 'm') return;
    if (verb === 'A') this.row = Math.max(0, this.row - Math.max(1, count));
    else if (verb === 'B') this.moveTo(this.row + Math.max(1, count), this.column, false);
    else if (verb === 'C') this.column = Math.min(this.columns, this.column + Math.max(1, count));
    else if (verb === 'D') this.column = Math.max(0, this.column - Math.max(1, count));
    else if (verb === 'G') this.column = Math.max(0, count - 1);
    else if (verb === 'K' && count === 0) row.cells.length = Math.min(row.cells.length, this.column);
    else if (verb === 'J' && count === 0) {
      row.cells.length = Math.min(row.cells.length, this.column);
      this.rows.length = this.row + 1;
    } else this.effects.push(JSON.stringify(command));
  }
}
