/** Item of a v5 quote that adds an offering. */
export const quoteItem = (id: string, offering: string, more: object = {}) => ({
  '@type': 'QuoteItem',
  id,
  action: 'add',
  quantity: 2,
  productOffering: { '@type': 'ProductOfferingRef', id: offering },
  ...more,
});

/** Body of a POST that asks for a quote in v5. */
export const quoteOf = <T extends object = object>(items: object[], more?: T) => ({
  '@type': 'Quote',
  instantSyncQuote: false,
  quoteItem: items,
  ...(more as T),
});

/** What an item says when a discount of so many per cent is asked for it. */
export const discountOf = (percentage: number) => ({
  quoteItemPrice: [
    {
      '@type': 'QuotePrice',
      priceAlteration: [
        {
          '@type': 'PriceAlteration',
          name: 'Deal',
          priceType: 'discount',
          price: { '@type': 'Price', percentage },
        },
      ],
    },
  ],
});
