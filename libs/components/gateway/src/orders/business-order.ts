/** A part that is ordered, with the parts that it is built of where the caller sends the whole structure. */
export interface OrderedPart {
  readonly part: string;
  readonly name?: string;
  readonly quantity: number;
  /** Net price of one, exact decimal; the catalog is asked where it is not given. */
  readonly unitPrice?: string;
  /** Net price of the whole line, as the catalog says. */
  readonly total?: string;
  readonly components: readonly OrderedPart[];
}

/** Where goods or bills are sent. */
export interface PostalAddress {
  readonly name?: string;
  readonly street?: string;
  readonly city?: string;
  readonly postalCode?: string;
  readonly country?: string;
}

/** An order as callers of the business API mean it, whichever shape they sent. */
export interface BusinessOrder {
  /** Number of the order in the caller's system. */
  readonly number?: number;
  readonly customer: {
    readonly id: string;
    readonly name?: string;
    readonly email?: string;
    readonly phone?: string;
    readonly shipTo?: PostalAddress;
    readonly billTo?: PostalAddress;
  };
  readonly payment: { readonly status?: string; readonly method?: string };
  /** What the caller says that all of it costs, exact decimal. */
  readonly amount?: string;
  readonly currency: string;
  /** Date of the order as it was given. */
  readonly date?: string;
  readonly items: readonly OrderedPart[];
  readonly requestedDelivery?: string;
  readonly purchaseOrder?: string;
  readonly note?: string;
  /** Where the confirmation is sent. */
  readonly callback?: string;
}
