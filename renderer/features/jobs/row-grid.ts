/** Columns of a row: dot, name and reason, progress, time (wide windows only), tokens and cost, actions. The skeleton has the same. */
export const ROW_GRID =
  'grid min-h-[56px] grid-cols-[18px_minmax(0,1fr)_minmax(150px,0.62fr)_88px_100px] items-center gap-x-4 px-2 wide:grid-cols-[18px_minmax(0,2fr)_minmax(0,1.1fr)_132px_88px_100px]'
