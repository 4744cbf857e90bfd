// What is measured. A phase is one component with the cases it serves; the floors are those of PERF.md, "To reach".
import { offeringBody, orderBody, quoteBody } from './documents.mjs';

const CATALOG = '/tmf-api/productCatalogManagement/v5';
const QUOTE = '/tmf-api/quoteManagement/v5';
const ORDER = '/tmf-api/productOrderingManagement/v5';

/** Requests that each connection of the load generator repeats. */
const KINDS = 256;

const many = (make) => Array.from({ length: KINDS }, (_, index) => make(index));
const post = (path, make) => (seed) =>
  many((index) => ({ method: 'POST', path, body: JSON.stringify(make(index, seed)) }));
const get = (path) => (seed) => many((index) => ({ method: 'GET', path: path(index, seed) }));

// In a list of ten behind a filter the same ten must come, and the same count; ids of a POST are the server's.
const catalogCases = [
  {
    name: 'get',
    title: 'TMF620 GET by id',
    floor: 0.8,
    requests: get((index, { ids }) => `${CATALOG}/productOffering/${ids[(index * 37) % ids.length]}`),
    bare: get((index, { ids }) => `/get/${ids[(index * 37) % ids.length]}`),
    agree: (ours, bare) => ours.body.id === bare.body.id && ours.body.name === bare.body.name,
    status: [200],
  },
  {
    name: 'list',
    title: 'TMF620 list of 10, with total',
    floor: 0.85,
    requests: get(() => `${CATALOG}/productOffering?limit=10`),
    bare: get(() => '/list'),
    agree: (ours, bare) => ours.body.length === 10 && bare.body.length === 10 && ours.total === bare.total,
    status: [206],
  },
  {
    name: 'filter',
    title: 'TMF620 filtered list, offset 500, total to the cap',
    floor: 0.75,
    requests: get(() => `${CATALOG}/productOffering?lifecycleStatus=Launched&offset=500&limit=10`),
    bare: get(() => '/filter'),
    agree: (ours, bare) =>
      ours.body.length === 10 && ours.body.every(({ id }, index) => id === bare.body[index].id),
    status: [206],
  },
  {
    name: 'post',
    title: 'TMF620 POST',
    floor: 0.6,
    writes: true,
    requests: post(`${CATALOG}/productOffering`, (index, seed) => offeringBody(index, 'Active', seed)),
    bare: post('/post', (index, seed) => offeringBody(index, 'Active', seed)),
    agree: (ours, bare) => ours.body.name === bare.body.name,
    status: [201],
  },
];

const isPriced = ({ quoteItem, quoteTotalPrice }) =>
  quoteTotalPrice?.length > 0 && quoteItem.every(({ quoteItemPrice }) => quoteItemPrice?.length > 0);

/** What the component stores for such a body: the bare server gets it whole, so that both insert the same. */
const wholeAt = (index, { whole }) => whole[index % whole.length];

/** The phases in their order. Events of a phase are gone before the next, so that nobody works on a backlog. */
export const PHASES = [
  { component: 'product-catalog', collection: 'productOffering', cases: catalogCases },
  {
    component: 'product-order',
    collection: 'productOrder',
    base: `${ORDER}/productOrder`,
    make: (index, { launched }) => orderBody(index, launched),
    cases: [
      {
        name: 'order',
        title: 'TMF622 POST',
        floor: 0.6,
        writes: true,
        requests: post(`${ORDER}/productOrder`, (index, { launched }) => orderBody(index, launched)),
        bare: post('/post', wholeAt),
        agree: (ours, bare) => [ours, bare].every(({ body }) => body.state === 'acknowledged'),
        status: [201],
      },
    ],
  },
  {
    component: 'quote',
    collection: 'quote',
    base: `${QUOTE}/quote`,
    make: (index, { launched }) => quoteBody(index, launched),
    cases: [
      {
        name: 'quote',
        title: 'TMF648 POST with pricing',
        floor: 0.6,
        writes: true,
        requests: post(`${QUOTE}/quote`, (index, { launched }) => quoteBody(index, launched)),
        bare: post('/post', wholeAt),
        agree: (ours, bare) => isPriced(ours.body) && isPriced(bare.body),
        status: [200, 201],
      },
    ],
  },
];

/** The phases with only the cases of those names; all when no name is given. */
export const pickPhases = (names) =>
  PHASES.map((phase) => ({
    ...phase,
    cases: phase.cases.filter(({ name }) => names.length === 0 || names.includes(name)),
  })).filter(({ cases }) => cases.length > 0);

/** Names of all cases. */
export const caseNames = () => PHASES.flatMap(({ cases }) => cases.map(({ name }) => name));
