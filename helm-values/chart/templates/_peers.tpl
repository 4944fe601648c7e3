{{/* Whom a policy lets through. */}}

{{- define "coursewright.networks" -}}
{{- range . }}
- ipBlock: {cidr: {{ . }}}
{{- end }}
{{- end }}

{{- define "coursewright.namespace" -}}
- namespaceSelector:
    matchLabels: {kubernetes.io/metadata.name: {{ . }}}
{{- end }}

{{/* The pods of Zero-to-JupyterHub, by its labels. */}}
{{- define "coursewright.component" -}}
- podSelector:
    matchLabels: {component: {{ . }}}
{{- end }}

{{- define "coursewright.service.peer" -}}
- podSelector:
    matchLabels:
      {{- include "coursewright.selector" (dict "root" . "component" "service") | nindent 6 }}
{{- end }}

{{/* Every address but private ones and the cloud's metadata. */}}
{{- define "coursewright.internet" -}}
- ipBlock:
    cidr: 0.0.0.0/0
    except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, 169.254.0.0/16]
{{- end }}

{{/* The head of a policy: (list root name). */}}
{{- define "coursewright.policy" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ (index . 0).Release.Name }}-{{ index . 1 }}
  labels:
    {{- include "coursewright.labels" (dict "root" (index . 0) "component" (index . 1)) | nindent 4 }}
{{- end }}
