// Nothing of it is compiled: definitions.mjs takes resource definitions out of the files of these modules.
module quotebridge.io/cluster/definitions

go 1.24.0

require (
	github.com/cert-manager/cert-manager v1.19.1
	github.com/prometheus-operator/prometheus-operator v0.86.1
)
