import { keepsTheLaws } from '../../../../tmf/versions/src/testing/mapper-laws';
import { quoteMapper } from './index';

keepsTheLaws([{ api: 'TMF648', mapper: quoteMapper, v4: 'Quote' }]);
