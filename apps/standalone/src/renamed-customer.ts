import type { Clerk } from './clerk';
import { until } from './http';
import type { Salesperson } from './salesperson';
import type { Suite } from './suite';
import { went } from './went';

/** A customer gets another name in the ERP: the account of the CRM with his number follows. */
export const renameCustomer = async (
  { s4Connector }: Suite,
  clerk: Clerk,
  salesperson: Salesperson,
  tell: (line: string) => void,
): Promise<void> => {
  const { number } = await salesperson.readAccount();
  const name = await clerk.renameCustomer(number);
  went(await s4Connector.runStream('customers'));
  await until('The new name on the account in Salesforce', async () =>
    (await salesperson.readAccount()).name === name ? true : undefined,
  );
  tell(`S/4HANA customer ${number} is "${name}" now, and so is his account in Salesforce`);
};
