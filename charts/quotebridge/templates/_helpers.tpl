{{/* `of` is the context of Helm as `root` and the name of a part of the release as `part`. */}}
{{- define "quotebridge.name" -}}
{{ include "quotebridge-lib.nameOf" (dict "release" .root.Release.Name "component" .part) }}
{{- end -}}

{{- define "quotebridge.selector" -}}
app.kubernetes.io/name: quotebridge-{{ .part }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end -}}

{{/* Of pods that are not replaced because the chart around them has another version. */}}
{{- define "quotebridge.lasting-labels" -}}
{{ include "quotebridge.selector" . }}
app.kubernetes.io/component: {{ .part }}
app.kubernetes.io/part-of: quotebridge
{{- end -}}

{{- define "quotebridge.labels" -}}
{{ include "quotebridge.lasting-labels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{- define "quotebridge.metadata" -}}
name: {{ include "quotebridge.name" . }}
namespace: {{ .root.Release.Namespace }}
labels: {{- include "quotebridge.labels" . | nindent 2 }}
{{- end -}}

{{- define "quotebridge.service-account" -}}
apiVersion: v1
kind: ServiceAccount
metadata: {{- include "quotebridge.metadata" . | nindent 2 }}
automountServiceAccountToken: false
{{- end -}}

{{/* What the pods of all parts begin with. */}}
{{- define "quotebridge.pod" -}}
serviceAccountName: {{ include "quotebridge.name" . }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.global.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext: {{- include "quotebridge-lib.podSecurity" . | nindent 2 }}
{{- end -}}

{{/* An image of ours: registry, tag and policy as `global` has them. */}}
{{- define "quotebridge.image" -}}
{{- $image := merge (dict) .image (omit (default dict .root.Values.global.image) "repository") -}}
image: {{ include "quotebridge-lib.image" (dict "root" .root "v" (dict "image" $image)) }}
imagePullPolicy: {{ default "IfNotPresent" $image.pullPolicy }}
{{- end -}}

{{/* Bytes of a quantity of Kubernetes (`size`), such as 20Gi or 1.5T; another text is refused by the name of the value (`of`). */}}
{{- define "quotebridge.bytes" -}}
{{- $units := dict "" 1.0 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 "Ki" 1024.0 "Mi" 1048576.0 "Gi" 1073741824.0 "Ti" 1099511627776.0 "Pi" 1125899906842624.0 -}}
{{- $number := regexFind "^[0-9]+([.][0-9]+)?" .size -}}
{{- $unit := trimPrefix $number .size -}}
{{- if or (not $number) (not (hasKey $units $unit)) -}}
{{- fail (printf "%s is %q, which is no size: write a number and a unit, such as 20Gi." .of .size) -}}
{{- end -}}
{{- mulf (float64 $number) (get $units $unit) | printf "%.0f" -}}
{{- end -}}

{{/* The volume `data` of a server: kept by a claim, or for as long as the pod. */}}
{{- define "quotebridge.data-claim" -}}
persistentVolumeClaimRetentionPolicy: { whenDeleted: Retain, whenScaled: Retain }
volumeClaimTemplates:
  - metadata: { name: data }
    spec:
      accessModes: [ReadWriteOnce]
      {{- with .storageClass }}
      storageClassName: {{ . }}
      {{- end }}
      resources: { requests: { storage: {{ .size }} } }
{{- end -}}

{{/* The API server lets nobody change the claims of a StatefulSet, and would say so in the middle of an upgrade. `of` names the server. */}}
{{- define "quotebridge.same-claims" -}}
{{- $name := include "quotebridge.name" .of -}}
{{- with lookup "apps/v1" "StatefulSet" .of.root.Release.Namespace $name -}}
{{- $claims := default list .spec.volumeClaimTemplates -}}
{{- if eq (empty $claims) $.persistence.enabled -}}
{{- fail (printf "%s.persistence.enabled cannot be changed while there is a StatefulSet %s: leave it as it is, or copy the data away and delete that first." $.of.part $name) -}}
{{- end -}}
{{- range $claims -}}
{{- $size := .spec.resources.requests.storage -}}
{{- $of := printf "%s.persistence.size" $.of.part -}}
{{- if ne (include "quotebridge.bytes" (dict "size" $size "of" $of)) (include "quotebridge.bytes" (dict "size" $.persistence.size "of" $of)) -}}
{{- fail (printf "%s is %s and cannot be changed while there is a StatefulSet %s, which has %s: make its claims larger, and delete it with --cascade=orphan first, which leaves its pods." $of $.persistence.size $name $size) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "quotebridge.mongodbHosts" -}}
{{- $name := include "quotebridge.name" (dict "root" . "part" "mongodb") -}}
{{- $hosts := list -}}
{{- range $i := until (int .Values.mongodb.members) -}}
{{- $hosts = append $hosts (printf "%s-%d.%s.%s.svc.%s:27017" $name $i $name $.Release.Namespace $.Values.clusterDomain) -}}
{{- end -}}
{{- join "," $hosts -}}
{{- end -}}

{{/* Addresses with the login of the servers in this release; `passwords` as they stand in their Secret. */}}
{{- define "quotebridge.mongodbUri" -}}
{{- with .root -}}
{{- if .Values.mongodb.enabled -}}
mongodb://quotebridge:{{ $.passwords.MONGODB_PASSWORD | b64dec }}@{{ include "quotebridge.mongodbHosts" . }}/?replicaSet=quotebridge&authSource=admin
{{- else -}}
{{- required "Set mongodb.url, or set createSecrets.platform=false and bring a Secret with MONGODB_URI and NATS_URL." .Values.mongodb.url -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "quotebridge.natsUrl" -}}
{{- with .root -}}
{{- if .Values.nats.enabled -}}
nats://quotebridge:{{ $.passwords.NATS_PASSWORD | b64dec }}@{{ include "quotebridge.name" (dict "root" . "part" "nats") }}.{{ .Release.Namespace }}.svc.{{ .Values.clusterDomain }}:4222
{{- else -}}
{{- required "Set nats.url, or set createSecrets.platform=false and bring a Secret with MONGODB_URI and NATS_URL." .Values.nats.url -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Secret with the key and the passwords of MongoDB and NATS in this release. No process of the suite sees all of it. */}}
{{- define "quotebridge.serversSecret" -}}
{{ include "quotebridge.name" (dict "root" . "part" "servers") }}
{{- end -}}

{{/* A random text that stays what it is in the cluster when the release is upgraded; base64 as in Secrets. */}}
{{- define "quotebridge.kept" -}}
{{- $found := lookup "v1" "Secret" .root.Release.Namespace .secret -}}
{{- $data := default dict (default dict $found).data -}}
{{- default (.fresh | b64enc) (get $data .key) -}}
{{- end -}}

{{/* Pods of the suite and of the connectors that its operator makes. */}}
{{- define "quotebridge.suite" -}}
- podSelector: { matchLabels: { app.kubernetes.io/part-of: quotebridge } }
- podSelector: { matchLabels: { app.kubernetes.io/name: quotebridge-connector } }
{{- end -}}

{{/* Whether there are network policies: `global` says it for the servers and jobs of the release as for its components. */}}
{{- define "quotebridge.policies" -}}
{{- if ne (toString (default dict .Values.global.networkPolicy).enabled) "false" -}}yes{{- end -}}
{{- end -}}

{{/* As in quotebridge-lib.network-policy: pods, or what each node has for its own. */}}
{{- define "quotebridge.dns" -}}
- to: [{ namespaceSelector: {} }, { ipBlock: { cidr: 169.254.0.0/16 } }]
  ports:
    - { protocol: UDP, port: 53 }
    - { protocol: TCP, port: 53 }
{{- end -}}
