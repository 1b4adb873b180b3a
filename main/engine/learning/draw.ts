import type { Outcome } from './outcome.ts'
import { percentiles } from './percentiles.ts'

/** A number from 0 on, below 1. */
export type Random = () => number

/** What a sheet takes until it is done. */
export interface Effort {
  readonly ms: number
  /** Null where nobody ever told. */
  readonly tokens: number | null
  readonly usd: number | null
}

/** Draws what a sheet may take, from how it went before. */
export type Draw = (random: Random) => Effort

/** With fewer runs nobody knows how far they spread: each is taken to be off by up to this factor, either way. */
const FEW_RUNS = 5
const FEW_FACTOR = 2

/**
 * Draws attempts at random from those seen until one succeeds or `tries` are used up, and adds up what they took.
 *
 * @param elapsedMs for how long the first of them runs already: it is like those that ran longer
 * @param outcomes at least one
 */
export function drawFrom(outcomes: readonly Outcome[], tries: number, elapsedMs: number): Draw {
  const longer = elapsedMs > 0 ? outcomes.filter(({ durationMs }) => durationMs > elapsedMs) : outcomes
  const { tokens: usualTokens, usd: usualUsd } = usualOf(outcomes)
  return (random) => {
    let [ms, tokens, usd] = [0, 0, 0]
    for (let attempt = 1; attempt <= Math.max(1, tries); attempt += 1) {
      const begun = attempt === 1 ? elapsedMs : 0
      const seen = anyOf(begun > 0 ? longer : outcomes, random)
      const factor = outcomes.length < FEW_RUNS ? FEW_FACTOR ** (2 * random() - 1) : 1
      // It runs longer than any before: who knows.
      const left = seen ? (seen.durationMs - begun) * factor : begun * random()
      const share = begun > 0 ? left / (begun + left) : factor
      ms += left
      tokens += (seen?.tokens ?? usualTokens ?? 0) * share
      usd += (seen?.costUsd ?? usualUsd ?? 0) * share
      if (seen === undefined || seen.succeeded) break
    }
    return { ms, tokens: usualTokens === null ? null : tokens, usd: usualUsd === null ? null : usd }
  }
}

/** What stands in where an attempt did not tell; many sheets share one list. */
const usuals = new WeakMap<readonly Outcome[], Omit<Effort, 'ms'>>()

function usualOf(outcomes: readonly Outcome[]): Omit<Effort, 'ms'> {
  const known = usuals.get(outcomes)
  if (known) return known
  const usual = {
    tokens: percentiles(outcomes.flatMap(({ tokens }) => tokens ?? []))?.p50 ?? null,
    usd: percentiles(outcomes.flatMap(({ costUsd }) => costUsd ?? []))?.p50 ?? null,
  }
  usuals.set(outcomes, usual)
  return usual
}

const anyOf = <T>(items: readonly T[], random: Random): T | undefined => items[Math.floor(random() * items.length)]
