{{/* Where students' and generated code runs: no secret, no token, no setting of ours; another user. */}}

{{- define "coursewright.sandboxes" -}}
- name: sandboxes
  image: {{ include "coursewright.image" (dict "root" . "name" "services") }}
  imagePullPolicy: {{ .Values.images.pullPolicy }}
  args: [coursewright, sandboxes, --socket, /run/coursewright/sandboxes.sock]
  startupProbe:
    # The socket is made after a sandbox has really run.
    exec: {command: [test, -S, /run/coursewright/sandboxes.sock]}
    periodSeconds: 2
    failureThreshold: 30
  resources:
    {{- toYaml .Values.graders.sandboxes.resources | nindent 4 }}
  securityContext:
    {{- include "coursewright.container.security" . | nindent 4 }}
    runAsUser: 1001
    # The worker's group: whoever is of it may use the socket.
    runAsGroup: 1000
    procMount: {{ .Values.graders.sandboxes.procMount }}
    seccompProfile:
      {{- toYaml .Values.graders.sandboxes.seccompProfile | nindent 6 }}
    {{- with .Values.graders.sandboxes.appArmorProfile }}
    appArmorProfile:
      {{- toYaml . | nindent 6 }}
    {{- end }}
  volumeMounts:
    - {name: sandboxes-tmp, mountPath: /tmp}
    - {name: sandboxes, mountPath: /run/coursewright}
{{- end }}

{{- define "coursewright.sandboxes.volumes" -}}
- name: sandboxes-tmp
  emptyDir: {sizeLimit: {{ .Values.graders.sandboxes.temporary }}}
- name: sandboxes
  emptyDir: {medium: Memory, sizeLimit: 1Mi}
{{- end }}
