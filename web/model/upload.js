/** What may be sent to a model. */

/** As much as the server takes. */
export const MAX_UPLOAD = 32 * 1024 * 1024;

/** The file of a drop or a paste: the first image, else the first file, if there is one. @param {?DataTransfer} transfer */
export function imageOf(transfer) {
  const files = [...(transfer?.files ?? [])];
  return files.find((file) => file.type.startsWith('image/')) ?? files[0] ?? null;
}

/** What is wrong with a file before it is sent; empty for nothing. @param {{size: number}} file */
export function uploadFault({ size }) {
  if (size === 0) return 'it is empty';
  return size > MAX_UPLOAD ? `it is larger than ${MAX_UPLOAD / 1024 / 1024} MiB, the most that is taken` : '';
}
