import { keepsTheLaws } from '../../../../tmf/versions/src/testing/mapper-laws';
import { cancelProductOrderMapper, productOrderMapper } from './index';

keepsTheLaws([
  { api: 'TMF622', mapper: productOrderMapper, v4: 'ProductOrder' },
  { api: 'TMF622', mapper: cancelProductOrderMapper, v4: 'CancelProductOrder' },
]);
