import type { EntitySet, ServiceModel } from '../model/entity';

const property = (set: EntitySet, name: string, type: string): string => {
  const extra = [
    set.keys.includes(name) ? ' Nullable="false"' : '',
    type === 'Decimal' ? ' Precision="16" Scale="3"' : '',
    set.etag === name ? ' ConcurrencyMode="Fixed"' : '',
  ].join('');
  return `<Property Name="${name}" Type="Edm.${type}"${extra}/>`;
};

const entityType = (service: ServiceModel, set: EntitySet): string => {
  const keys = set.keys.map((key) => `<PropertyRef Name="${key}"/>`).join('');
  const properties = Object.entries(set.fields).map(([name, type]) => property(set, name, type));
  const navs = Object.keys(set.navs).map(
    (name) =>
      `<NavigationProperty Name="${name}" Relationship="${service.name}.${set.set}_${name}" FromRole="From" ToRole="To"/>`,
  );
  return `<EntityType Name="${set.set}Type"><Key>${keys}</Key>${properties.join('')}${navs.join('')}</EntityType>`;
};

const associations = (service: ServiceModel): string =>
  service.sets
    .flatMap((set) =>
      Object.entries(set.navs).map(
        ([name, nav]) =>
          `<Association Name="${set.set}_${name}"><End Role="From" Type="${service.name}.${set.set}Type" Multiplicity="1"/>` +
          `<End Role="To" Type="${service.name}.${nav.target}Type" Multiplicity="${nav.many ? '*' : '0..1'}"/></Association>`,
      ),
    )
    .join('');

/** The service's EDMX, as far as the model goes. */
export const metadataDocument = (service: ServiceModel): string => {
  const sets = service.sets.map(
    (set) => `<EntitySet Name="${set.set}" EntityType="${service.name}.${set.set}Type"/>`,
  );
  return (
    `<?xml version="1.0" encoding="utf-8"?><edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx">` +
    `<edmx:DataServices m:DataServiceVersion="2.0" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">` +
    `<Schema Namespace="${service.name}" xmlns="http://schemas.microsoft.com/ado/2008/09/edm">` +
    `${service.sets.map((set) => entityType(service, set)).join('')}${associations(service)}` +
    `<EntityContainer Name="${service.name}_Entities" m:IsDefaultEntityContainer="true">${sets.join('')}</EntityContainer>` +
    `</Schema></edmx:DataServices></edmx:Edmx>`
  );
};
