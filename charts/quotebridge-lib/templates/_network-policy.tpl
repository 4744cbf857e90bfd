{{/*
Nothing in and nothing out but this: in come pods of this namespace that belong to the suite, monitoring, and the
namespaces that requests come from; out go names, MongoDB, NATS, neighbours, traces, and what hubs and token issuers
need.
*/}}
{{- define "quotebridge-lib.network-policy" -}}
{{- if .v.networkPolicy.enabled }}
{{- $traces := "" }}
{{- with .v.telemetry.otlpEndpoint }}{{ $traces = include "quotebridge-lib.otlpPort" . }}{{ end }}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{- include "quotebridge-lib.metadata" . | nindent 2 }}
spec:
  podSelector:
    matchLabels: {{- include "quotebridge-lib.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - podSelector: { matchLabels: { app.kubernetes.io/part-of: quotebridge } }
        {{- range .v.networkPolicy.ingressNamespaces }}
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: {{ . }} } }
        {{- end }}
        {{- range .v.networkPolicy.ingressCidrs }}
        - ipBlock: { cidr: {{ . | quote }} }
        {{- end }}
        {{- with .v.monitoring.namespace }}
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: {{ . }} } }
        {{- end }}
      ports: [{ protocol: TCP, port: {{ .port }} }]
  egress:
    # Names are answered by pods, or by what each node has for its own (NodeLocal DNSCache), which has a link-local address.
    - to: [{ namespaceSelector: {} }, { ipBlock: { cidr: 169.254.0.0/16 } }]
      ports:
        - { protocol: UDP, port: 53 }
        - { protocol: TCP, port: 53 }
    - to: [{ podSelector: { matchLabels: { app.kubernetes.io/part-of: quotebridge } } }]
      ports: [{ protocol: TCP, port: {{ .port }} }]
    {{- $ports := default list .v.networkPolicy.egressPorts }}
    {{- if and $traces (not (has $traces (toStrings $ports))) }}{{ $ports = append $ports $traces }}{{ end }}
    {{- if and .v.networkPolicy.egressCidrs $ports }}
    # Databases, brokers and the receiver of traces may be outside of the cluster; so are those who subscribe to events. A rule
    # with an empty list would let out to everywhere, or at every port.
    - to:
        {{- range .v.networkPolicy.egressCidrs }}
        - ipBlock:
            cidr: {{ . | quote }}
            {{- if eq . "0.0.0.0/0" }}
            except: [169.254.0.0/16]
            {{- else if eq . "::/0" }}
            except: ['fe80::/10']
            {{- end }}
        {{- end }}
      ports:
        {{- range $ports }}
        - { protocol: TCP, port: {{ . }} }
        {{- end }}
    {{- end }}
    - to: [{ namespaceSelector: {} }]
      ports:
        - { protocol: TCP, port: 27017 }
        - { protocol: TCP, port: 4222 }
        {{- with $traces }}
        - { protocol: TCP, port: {{ . }} }
        {{- end }}
{{- end }}
{{- end -}}
