import { keepsTheLaws } from '../../../../tmf/versions/src/testing/mapper-laws';
import { customerMapper, individualMapper, organizationMapper, partyRoleMapper } from './index';

keepsTheLaws([
  { api: 'TMF629', mapper: customerMapper, v4: 'Customer' },
  { api: 'TMF632', mapper: individualMapper, v4: 'Individual' },
  { api: 'TMF632', mapper: organizationMapper, v4: 'Organization' },
  { api: 'TMF669', mapper: partyRoleMapper, v4: 'PartyRole' },
]);
