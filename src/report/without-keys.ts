import type { Finding } from '../finding';

/** A finding to hand on: without the keys of rows that were asked for, wherever its words repeat them. */
export function withoutKeys({ sampleKeys, ...finding }: Finding): Finding {
  if (!sampleKeys || sampleKeys.length === 0) return finding;
  const cut = (text: string): string => text.replaceAll(`: ${sampleKeys.join(', ')}`, '');
  return {
    ...finding,
    message: cut(finding.message),
    ...(finding.refusal && { refusal: { ...finding.refusal, message: cut(finding.refusal.message) } }),
  };
}
