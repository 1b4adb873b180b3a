/** Between SIGTERM and SIGKILL, for attempts and for the commands that check them. */
export const STOP_GRACE_MS = 2000
