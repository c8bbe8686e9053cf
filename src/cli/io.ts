/** The world around the program, so that tests need no process. */
export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Absent: that of the process. */
  readonly stdin?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Sink {
  readonly isTTY?: boolean;
  /** Settles when more can be taken. */
  write(text: string): Promise<void>;
}
