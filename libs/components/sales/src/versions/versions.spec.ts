import { keepsTheLaws } from '../../../../tmf/versions/src/testing/mapper-laws';
import { salesLeadMapper } from './index';

keepsTheLaws([{ api: 'TMF699', mapper: salesLeadMapper, v4: 'SalesLead' }]);
