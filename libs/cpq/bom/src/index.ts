export { BOM_LIMITS, walkBom, type Bom, type BomLine, type BomQuestion, type ReadProducts } from './walk';
export { CONTAINS } from './components';
