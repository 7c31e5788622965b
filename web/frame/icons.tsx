/** Line drawings of 16 by 16, in the colour of the text beside them. */
const drawings = {
  now: <path d="M2 8h3l2-5 3 9 2-4h2" />,
  incidents: <path d="M5.500 2h5L14 5.500v5L10.500 14h-5L2 10.500v-5zM8 5v4M8 10.500v1" />,
  rules: <path d="M2 4h1.500M6.500 4H14M2 8h6.500M11.500 8H14M2 12h2.500M7.500 12H14M5 2.500v3M10 6.500v3M6 10.500v3" />,
  features: <path d="M2 13c3 0 3-9 5-9s2 9 7 9" />,
  models: <path d="M8 2 14 5 8 8 2 5zM2 8l6 3 6-3M2 11l6 3 6-3" />,
  changes: <path d="M2 8h3M11 8h3M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 2v1M8 13v1" />,
  heartbeats: <path d="M1 8h3l2-5 3 10 2-5h4" />,
  deployments: <path d="M8 2 14 5v6l-6 3-6-3V5zM8 8v6M2 5l6 3 6-3" />,
  oncall: <path d="M3 3h10a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM2 7h12M5 1.500v3M11 1.500v3" />,
  silences: <path d="M13 9.500A5.500 5.500 0 0 1 6.500 3 5.500 5.500 0 1 0 13 9.500z" />,
  runbooks: <path d="M3 2h8a2 2 0 0 1 2 2v10H5a2 2 0 0 1-2-2zM6 6h4M6 9h4" />,
  digest: <path d="M2 14h12M4 14V8M8 14V3M12 14v-4" />,
  audit: <path d="M3 2h7l3 3v9H3zM6 7h4M6 10h4" />,
  settings: (
    <path d="M8 5.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5zM8 1.500v2M8 12.500v2M1.500 8h2M12.500 8h2M3.400 3.400l1.400 1.400M11.200 11.200l1.400 1.400M3.400 12.600l1.400-1.400M11.200 4.800l1.400-1.400" />
  ),
  find: <path d="M7 2.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9zM10.500 10.500 14 14" />,
} as const;

export type IconName = keyof typeof drawings;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width="15"
      height="15"
      fill="none"
      stroke="currentColor"
      stroke-width="1.4"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {drawings[name]}
    </svg>
  );
}
