import { modelProfile } from '../../instruments/config.ts'
import type { InstrumentProfile } from '../../instruments/profile.ts'
import type { Price } from '../../instruments/usage.ts'
import { priced } from '../../limits/price.ts'
import type { Pricing } from '../../prices/pricing.ts'
import type { Score } from '../../score/score.ts'

/** What attempts of a score on an instrument cost: as the program says, by the profile, by the table, at last by the score. */
export const priceFor =
  (pricing: Pricing, profile: InstrumentProfile, score: Score): Price =>
  (usage, model) =>
    priced(pricing(usage, model, modelProfile(profile, model)), score)
