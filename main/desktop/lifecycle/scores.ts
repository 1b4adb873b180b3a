import { z } from 'zod'

const handedOver = z.object({ scorePaths: z.array(z.string().min(1).max(4096)).max(50).readonly() })
export type HandedOver = z.output<typeof handedOver>

/** The scores a second start hands over; none when its message is not understood. */
export const scoresOf = (data: unknown): readonly string[] => handedOver.safeParse(data).data?.scorePaths ?? []
