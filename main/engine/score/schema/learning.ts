import { noted, section, yes } from './basics.ts'

/** What the job makes of what was learned. Marianne has many more keys here, for patterns that a model finds: they do nothing. */
export const learning = section({
  /** Fermata's own key: a prompt tells how its sheet failed in earlier runs. */
  past_failures: yes.default(false),
}).catchall(noted)
