import { at, each, object, rename } from '../attributes';
import { elements, lazy, type Lens } from '../lens';
import { flatten } from '../levels';
import { renameType } from '../types';
import { characteristic } from './characteristics';
import { relatedPartyOrRole } from './parties';
import { referenceOr, relatedPlace } from './references';

const agreementItem = object(
  rename('id', 'agreementId'),
  rename('href', 'agreementHref'),
  rename('name', 'agreementName'),
);

const relatedOrderItem = object(
  renameType('RelatedProductOrderItem', 'RelatedOrderItem'),
  rename('productOrderId', 'orderId'),
  rename('productOrderHref', 'orderHref'),
);

const productPrice = object(rename('productPriceAlteration', 'priceAlteration'));

const PRODUCT_REFERENCE = ['id', 'href', 'name', '@referredType'];

/** `{ relationshipType, product: { id } }` in v4 ⇄ `{ relationshipType, id }`; a product by value stays inside. */
const productRelationship = object(
  at(
    'product',
    lazy(() => productAttributes),
  ),
  flatten('product', PRODUCT_REFERENCE),
);

/** The attributes of a product of the inventory (TMF637). */
export const productAttributes: Lens = object(
  rename('agreement', 'agreementItem', elements(agreementItem)),
  each('place', relatedPlace),
  each(
    'product',
    lazy(() => product),
  ),
  each('productCharacteristic', characteristic),
  each('productOrderItem', relatedOrderItem),
  each('productPrice', productPrice),
  each('productRelationship', productRelationship),
  each('relatedParty', relatedPartyOrRole),
);

/** A product of the inventory, held by an order or a quote item as a reference or by value (TMF637). */
export const product: Lens = object(referenceOr('ProductRef', 'Product'), productAttributes);
