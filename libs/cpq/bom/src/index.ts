export { BOM_LIMITS, walkBom, type Bom, type BomLine, type BomQuestion, type ReadProducts } from './walk';
export { bomFaultOf, MOST_LEVELS_ABOVE, type BomFault, type ReadHolders } from './circle';
export { CONTAINS } from './components';
