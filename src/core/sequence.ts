/**
 * Values by key, for keys that are asked for in much the same order again and again, as a device's
 * points are: whoever follows the key before is tried first. In a site of a hundred thousand points
 * that is what a reading would otherwise cost most, for no cache of a processor holds the table.
 */
interface Place<K, V> {
  key: K;
  value: V;
  /** Who was asked for after this one the last time. */
  next: Place<K, V> | null;
}

export class Sequence<K, V> {
  readonly #places = new Map<K, Place<K, V>>();
  #latest: Place<K, V> | null = null;

  get(key: K): V | undefined {
    const latest = this.#latest;
    if (latest?.key === key) return latest.value;
    const guess = latest?.next;
    const place = guess?.key === key ? guess : this.#find(key);
    if (!place) return undefined;
    this.#latest = place;
    return place.value;
  }

  set(key: K, value: V): void {
    const known = this.#places.get(key);
    if (known) known.value = value;
    else this.#places.set(key, { key, value, next: null });
  }

  forEach(what: (value: V, key: K) => void): void {
    for (const { key, value } of this.#places.values()) what(value, key);
  }

  #find(key: K): Place<K, V> | undefined {
    const place = this.#places.get(key);
    if (!place) return undefined;
    // The same text may be another string: the one that is asked with is compared at a glance.
    place.key = key;
    if (this.#latest) this.#latest.next = place;
    return place;
  }
}
