/** Something the walk cannot judge. It is reported by its name, never passed over. */
export class Unknown extends Error {
  override name = 'Unknown';
}
