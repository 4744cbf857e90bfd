import { customerComponent, customerSettings } from '@quotebridge/components/customer';
import { stableId } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import request from 'supertest';
import { startComponentSuite, type ComponentSuite } from './support/component-suite';

const CUSTOMER = { v4: '/tmf-api/customerManagement/v4/customer', v5: '/tmf-api/customer/v5/customer' };
const PARTY = { v4: '/tmf-api/party/v4', v5: '/tmf-api/partyManagement/v5' };
const ROLE = { v4: '/tmf-api/partyRoleManagement/v4', v5: '/tmf-api/partyRoleManagement/v5' };

const idOf = (resource: string, externalId: string): string => stableId('erp', resource, externalId);

const identified = (type: string, id: string) => [
  { '@type': 'ExternalIdentifier', owner: 'erp', externalIdentifierType: type, id },
];

const under = (externalId: string) => ({
  '@type': 'OrganizationParentRelationship',
  organization: { '@type': 'OrganizationRef', id: idOf('organization', externalId) },
});

const record = (resource: string, externalId: string, body: object): IngestRecord => ({
  externalId,
  op: 'upsert',
  id: idOf(resource, externalId),
  resource: body as IngestRecord['resource'],
});

describe('customers, parties and party roles', () => {
  let suite: ComponentSuite;
  const api = () => request(suite.component.url);

  beforeAll(async () => {
    suite = await startComponentSuite(customerComponent, customerSettings);
  });
  afterAll(() => suite.close());

  const organization = async (name: string, parent?: string): Promise<string> => {
    const above = parent && {
      '@type': 'OrganizationParentRelationship',
      relationshipType: 'subsidiary',
      organization: { '@type': 'OrganizationRef', id: parent },
    };
    const { body } = await api()
      .post(`${PARTY.v5}/organization`)
      .send({ '@type': 'Organization', name, ...(above ? { organizationParentRelationship: above } : {}) })
      .expect(201);
    return body.id as string;
  };

  const customer = async (name: string, party: string, more: object = {}): Promise<string> => {
    const { body } = await api()
      .post(CUSTOMER.v5)
      .send({
        '@type': 'Customer',
        name,
        engagedParty: { '@type': 'PartyRef', id: party, '@referredType': 'Organization' },
        ...more,
      })
      .expect(201);
    return body.id as string;
  };

  it('serves three APIs in both versions, each with its document', async () => {
    expect(Object.keys(suite.component.addresses).sort()).toEqual(
      ['TMF629', 'TMF632', 'TMF669'].flatMap((name) => [`${name}/v4`, `${name}/v5`]),
    );
    for (const [name, address] of Object.entries(suite.component.addresses)) {
      const { body } = await request(address).get('/openapi').expect(200);
      expect(body.info.title).toContain(name.split('/')[0]);
    }
  });

  it('v4 and v5 work side by side on the same customer', async () => {
    const made = await api()
      .post(CUSTOMER.v4)
      .send({
        name: 'Weber Maschinen',
        engagedParty: { id: 'p1', name: 'Weber', '@referredType': 'Organization' },
        contactMedium: [{ mediumType: 'email', characteristic: { emailAddress: 'shop@weber.example' } }],
        relatedParty: [{ id: 'p2', role: 'billTo', '@referredType': 'Organization' }],
        characteristic: [{ name: 'region', value: 'south' }],
        account: [{ id: 'a1', name: 'Main account' }],
        agreement: [{ id: 'c1', name: 'Full service' }],
      })
      .expect(201);
    const { id } = made.body as { id: string };
    expect(made.body.href).toBe(`${CUSTOMER.v4}/${id}`);
    const v5 = await api().get(`${CUSTOMER.v5}/${id}`).expect(200);
    expect(v5.body).toMatchObject({
      '@type': 'Customer',
      engagedParty: { '@type': 'PartyRef', id: 'p1' },
      contactMedium: [{ '@type': 'EmailContactMedium', emailAddress: 'shop@weber.example' }],
      relatedParty: [
        {
          '@type': 'RelatedPartyOrPartyRole',
          role: 'billTo',
          partyOrPartyRole: { '@type': 'PartyRef', id: 'p2' },
        },
      ],
      characteristic: [{ '@type': 'StringCharacteristic', name: 'region', value: 'south' }],
      account: [{ '@type': 'AccountRef', id: 'a1' }],
      status: 'initialized',
    });
    const patched = await api()
      .patch(`${CUSTOMER.v5}/${id}`)
      .send({ '@type': 'Customer', status: 'active', description: 'Press lines' })
      .expect(200);
    expect(patched.body).toMatchObject({ status: 'active', name: 'Weber Maschinen' });
    const v4 = await api().get(`${CUSTOMER.v4}/${id}`).expect(200);
    expect(v4.body).toMatchObject({ status: 'active', relatedParty: [{ id: 'p2', role: 'billTo' }] });
    expect(v4.body.contactMedium[0].characteristic.emailAddress).toBe('shop@weber.example');
    for (const query of [
      `${CUSTOMER.v4}?relatedParty.id=p2`,
      `${CUSTOMER.v5}?agreement.id=c1&status=active`,
    ]) {
      const found = await api().get(query).expect(200);
      expect(found.body.map((one: { id: string }) => one.id)).toContain(id);
    }
    const changed = await suite.event('CustomerStateChangeEvent', id);
    expect(changed.event['customer']).toMatchObject({ status: 'active', '@type': 'Customer' });
    await api().delete(`${CUSTOMER.v4}/${id}`).expect(204);
    await api().get(`${CUSTOMER.v5}/${id}`).expect(404);
    await suite.event('CustomerDeleteEvent', id);
  });

  it('an individual keeps its identifiers, documents and state in both versions', async () => {
    const made = await api()
      .post(`${PARTY.v4}/individual`)
      .send({
        givenName: 'Ada',
        familyName: 'Lind',
        externalReference: [{ externalReferenceType: 'crm', name: '003A' }],
        status: 'validated',
      })
      .expect(201);
    const { id } = made.body as { id: string };
    const v5 = await api().get(`${PARTY.v5}/individual/${id}`).expect(200);
    expect(v5.body.externalReference).toEqual([
      { '@type': 'ExternalIdentifier', externalIdentifierType: 'crm', id: '003A' },
    ]);
    await api()
      .patch(`${PARTY.v5}/individual/${id}`)
      .send({ '@type': 'Individual', status: 'deceased' })
      .expect(200);
    expect((await api().get(`${PARTY.v4}/individual/${id}`)).body.status).toBe('deceaded');
    const found = await api().get(`${PARTY.v4}/individual?status=deceaded&externalReference.name=003A`);
    expect(found.body.map((one: { id: string }) => one.id)).toEqual([id]);
    const refused = await api()
      .patch(`${PARTY.v4}/individual/${id}`)
      .send({ status: 'validated' })
      .expect(409);
    expect(refused.body.message).toContain('final');
  });

  it('party roles have a role and a specification in v5 and keep unknown attributes', async () => {
    const specification = await api()
      .post(`${ROLE.v5}/partyRoleSpecification`)
      .send({ '@type': 'PartyRoleSpecification', name: 'Supplier' })
      .expect(201);
    const supplier = await api()
      .post(`${ROLE.v5}/partyRole`)
      .send({
        '@type': 'Supplier',
        '@baseType': 'PartyRole',
        name: 'Bearings Ltd',
        role: 'supplier',
        engagedParty: { '@type': 'PartyRef', id: 'b1' },
        partyRoleSpecification: { '@type': 'PartyRoleSpecificationRef', id: specification.body.id },
      })
      .expect(201);
    const { body } = await api().get(`${ROLE.v4}/partyRole/${supplier.body.id}`).expect(200);
    expect(body).toMatchObject({ '@type': 'Supplier', name: 'Bearings Ltd', role: 'supplier' });
    await api().get(`${ROLE.v4}/partyRoleSpecification`).expect(404);
    const kit = await api().post(`${ROLE.v4}/partyRole`).send({ name: 'Admin', roleType: {} }).expect(201);
    expect(kit.body.roleType).toEqual({});
  });

  describe('hierarchies', () => {
    it('are walked up and down, whichever end names the other', async () => {
      const group = await organization('Group');
      const region = await organization('Region', group);
      const plant = await organization('Plant', region);
      const office = await organization('Office');
      await api()
        .patch(`${PARTY.v4}/organization/${region}`)
        .send({
          organizationChildRelationship: [{ relationshipType: 'branch', organization: { id: office } }],
        })
        .expect(200);
      const down = await api().get(`/views/organizations/${group}/hierarchy`).expect(200);
      expect(down.body.isCut).toBe(false);
      expect(down.body.organizations).toEqual([
        { id: group, level: 0, name: 'Group' },
        { id: region, level: 1, from: group, name: 'Region' },
        ...[plant, office].sort().map((id) => ({
          id,
          level: 2,
          from: region,
          name: id === plant ? 'Plant' : 'Office',
        })),
      ]);
      const up = await api().get(`/views/organizations/${office}/hierarchy?direction=up`).expect(200);
      expect(up.body.organizations.map((one: { id: string }) => one.id)).toEqual([office, region, group]);
      const cut = await api().get(`/views/organizations/${group}/hierarchy?levels=1`).expect(200);
      expect([cut.body.isCut, cut.body.organizations.length]).toEqual([true, 2]);
      await api().get(`/views/organizations/${group}/hierarchy?levels=x`).expect(400);
    });

    it('never close a circle, by either end', async () => {
      const top = await organization('Top');
      const middle = await organization('Middle', top);
      const bottom = await organization('Bottom', middle);
      const parent = (id: string) => ({ organizationParentRelationship: { organization: { id } } });
      const refused = await api().patch(`${PARTY.v4}/organization/${top}`).send(parent(bottom)).expect(409);
      expect(refused.body.message).toContain('above itself');
      await api()
        .patch(`${PARTY.v4}/organization/${bottom}`)
        .send({ organizationChildRelationship: [{ organization: { id: top } }] })
        .expect(409);
      await api().patch(`${PARTY.v4}/organization/${top}`).send(parent(top)).expect(409);
    });

    it('stay free of circles when both halves of one are written at once', async () => {
      for (let round = 0; round < 5; round += 1) {
        const [one, other] = [await organization('One'), await organization('Other')];
        const under = (id: string, parent: string) =>
          api()
            .patch(`${PARTY.v4}/organization/${id}`)
            .send({ organizationParentRelationship: { organization: { id: parent } } });
        const answers = await Promise.all([under(one, other), under(other, one)]);
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      }
    });

    it('keep what others build on', async () => {
      const group = await organization('Holding');
      const branch = await organization('Branch', group);
      const buyer = await customer('Branch', branch);
      expect((await api().delete(`${PARTY.v5}/organization/${group}`).expect(409)).body.message).toContain(
        branch,
      );
      expect((await api().delete(`${PARTY.v5}/organization/${branch}`).expect(409)).body.message).toContain(
        buyer,
      );
      await api().delete(`${CUSTOMER.v5}/${buyer}`).expect(204);
      await api().delete(`${PARTY.v5}/organization/${branch}`).expect(204);
    });

    it('give a customer the addresses and contracts of those above it', async () => {
      const group = await organization('Concern');
      const plant = await organization('Plant', group);
      const related = (role: string, id: string) => ({
        '@type': 'RelatedPartyOrPartyRole',
        role,
        partyOrPartyRole: { '@type': 'PartyRef', id, '@referredType': 'Organization' },
      });
      const ended = { endDateTime: '2025-01-01T00:00:00Z' };
      const above = await customer('Concern', group, {
        relatedParty: [related('billTo', group)],
        agreement: [
          { '@type': 'AgreementRef', id: 'frame' },
          { '@type': 'AgreementRef', id: 'old', validFor: ended },
        ],
      });
      const buyer = await customer('Plant', plant, { relatedParty: [related('shipTo', plant)] });
      const { body } = await api().get(`/views/customers/${buyer}/account?effective=2026-01-01T00:00:00Z`);
      expect(body.customers).toEqual([buyer, above]);
      expect(body.roles.billTo).toMatchObject([{ statedBy: above, party: { id: group } }]);
      expect(body.roles.shipTo).toMatchObject([{ statedBy: buyer, party: { id: plant } }]);
      expect(body.entitlements.map((one: { agreement: { id: string } }) => one.agreement.id)).toEqual([
        'frame',
      ]);
    });

    it('are checked for what they refer to when the client asks', async () => {
      const body = { '@type': 'Customer', name: 'X', engagedParty: { '@type': 'PartyRef', id: 'nobody' } };
      const refused = await api().post(`${CUSTOMER.v5}?checkReferences=true`).send(body).expect(422);
      expect(refused.body.details[0]).toMatchObject({ path: '/engagedParty/id', code: 'brokenReference' });
      await api().post(CUSTOMER.v5).send(body).expect(201);
    });
  });

  it('takes in records in any order, tells what became of each, and publishes the events', async () => {
    const group = (name: string) =>
      record('organization', 'G', {
        '@type': 'Organization',
        name,
        externalIdentifier: identified('bp', 'G'),
      });
    const branch = record('organization', 'B', {
      '@type': 'Organization',
      name: 'Branch',
      organizationParentRelationship: under('G'),
    });
    const statuses = async (resource: string, records: readonly IngestRecord[]) =>
      (await suite.ingest(resource, records)).map(({ status }) => status);
    expect(await statuses('organization', [branch, group('Group')])).toEqual(['created', 'created']);
    expect(await statuses('organization', [branch, group('Group')])).toEqual(['unchanged', 'unchanged']);
    expect(await statuses('organization', [group('Group AG')])).toEqual(['updated']);
    const { body } = await api().get(`${PARTY.v5}/organization?externalReference.id=G`).expect(200);
    expect(body).toMatchObject([{ name: 'Group AG', externalReference: identified('bp', 'G') }]);
    expect(body[0].externalIdentifier).toBeUndefined();
    const below = (id: string, parent: string) =>
      record('organization', id, {
        '@type': 'Organization',
        name: id,
        organizationParentRelationship: under(parent),
      });
    const [circle] = await suite.ingest('organization', [below('G', 'B')]);
    expect(circle).toMatchObject({ status: 'rejected', faults: [{ code: 'cycle' }] });
    const both = [below('R1', 'R2'), below('R2', 'R1')];
    expect(await statuses('organization', both)).toEqual(['created', 'rejected']);

    const buyer = record('customer', 'C', {
      '@type': 'Customer',
      name: 'Branch',
      status: 'blocked',
      engagedParty: { '@type': 'PartyRef', id: idOf('organization', 'B') },
      externalIdentifier: identified('customer', 'C'),
    });
    const person = record('individual', 'P', {
      '@type': 'Individual',
      givenName: 'Ida',
      familyName: 'Berg',
      status: 'validated',
    });
    const supplier = record('partyRole', 'S', {
      '@type': 'Supplier',
      '@baseType': 'PartyRole',
      name: 'Steel',
    });
    expect(await statuses('customer', [buyer])).toEqual(['created']);
    expect(await statuses('individual', [person])).toEqual(['created']);
    expect(await statuses('partyRole', [supplier])).toEqual(['created']);
    const found = await api().get(`${CUSTOMER.v5}?externalIdentifier.id=C&externalIdentifier.owner=erp`);
    expect(found.body).toMatchObject([{ status: 'blocked' }]);
    await suite.event('CustomerCreateEvent', buyer.id);
    await suite.event('IndividualCreateEvent', person.id);
    await suite.event('PartyRoleCreateEvent', supplier.id);

    const remove = (one: IngestRecord): IngestRecord => ({ ...one, op: 'delete', resource: {} });
    const [used] = await suite.ingest('organization', [remove(branch)]);
    expect(used).toMatchObject({ status: 'rejected', faults: [{ code: 'inUse' }] });
    expect(await statuses('customer', [remove(buyer), remove(buyer)])).toEqual(['deleted', 'unchanged']);
    expect(await statuses('organization', [remove(branch)])).toEqual(['deleted']);
    await suite.event('OrganizationDeleteEvent', branch.id);
  });
});
