/** Where the application's database is: decided once at the start. */
export class DatabaseAddress {
  readonly url: string

  constructor(url: string) {
    this.url = url
  }
}
