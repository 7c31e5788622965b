const byKey: Readonly<Record<string, string>> = {
  group_by: 'one setting for all alerts of a source here (`groupBy`)',
  group_wait: 'one setting for all here (`settings.groupWait`)',
  group_interval: 'one setting for all here (`settings.groupInterval`)',
  templates: 'pages have one form here, which no template changes',
  http_config: 'how to connect is said with each contact here',
  tracing_config: 'Tocsin is traced by the usual variables of OpenTelemetry',
  max_alerts: 'every alert of an incident is on it',
  timeout: 'each delivery has a limit of its own',
};

/** How a message looks and what its buttons are. */
const looks =
  /^(title|title_link|text|html|headers|subject|message|body|color|fallback|callback_id|footer|username|content|avatar_url|attachments|parse_mode|icon_\w+|image_\w+|thumb_\w+|fields|short_fields|actions|link_names|mrkdwn_in|pretext|description|details|images|links|client|client_url|class|component|group|source|note|tags|entity|custom_fields|message_type|display_name|state_message|entity_display_name|attributes)$/;

/** Why a key of the file has no counterpart here. */
export const whyLeftOut = (key: string): string | undefined => {
  if (Object.hasOwn(byKey, key)) return byKey[key];
  if (looks.test(key)) return 'how a message looks: pages have one form here';
  if (key.startsWith('smtp_')) return 'how mail is sent is said in `settings.email` here';
  if (/_url(_file)?$|_key(_file)?$|_token(_file)?$|password|secret/.test(key)) return 'secrets are named here and never written';
  return undefined;
};
