/** 𝄐, the hold sign: an arc over a dot. */
export function FermataSign({ size }: { readonly size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true">
      <path d="M3 17a9 9 0 0 1 18 0" stroke="currentColor" strokeWidth="2.6" strokeLinecap="round" />
      <circle cx="12" cy="16.2" r="2.3" fill="currentColor" />
    </svg>
  )
}
