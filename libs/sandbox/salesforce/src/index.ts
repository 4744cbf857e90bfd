export { startSalesforceSandbox, type SalesforceSandboxOptions } from './start';
export { SALESFORCE_SANDBOX_CREDENTIALS, type SalesforceCredentials } from './auth';
export { DEMO_OPPORTUNITY_ID, DEMO_OPPORTUNITY_NAME } from './seed';
