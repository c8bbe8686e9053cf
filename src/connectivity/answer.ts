/** Whether what is asked about passes. */
export enum Answer {
  /** All of it passes. */
  ALLOWED = 'allowed',
  /** None of it passes. */
  DENIED = 'denied',
  /** Some of it passes: some requests, or some of the flows that the question stands for. */
  PARTIAL = 'partial',
  /** That depends on what is not known. It is never guessed. */
  UNKNOWN = 'unknown',
}
