<?php
// Tries to leave this PHP in every way that plugins use, and says what happened.
// It is run by `ringfence doctor php`, once and only then. It sends one short
// random word to the addresses it is given, and reads nothing of the site.

error_reporting(0);
ini_set('display_errors', '0');
$raw = PHP_SAPI === 'cli' ? stream_get_contents(STDIN) : file_get_contents('php://input');
$ask = json_decode($raw, true);
if (!is_array($ask) || !isset($ask['word'])) {
    exit("no question\n");
}
$word = $ask['word'];
$wait = (float) $ask['seconds'];
$done = [];

// note keeps one attempt. left: true, false, or null if it could not be tried.
function note(string $way, string $to, ?bool $left, string $says = ''): void
{
    global $done;
    $done[] = ['way' => $way, 'to' => $to, 'left' => $left, 'says' => substr($says, 0, 200)];
}

function usable(string $function): bool
{
    return function_exists($function) && is_callable($function);
}

function try_stream(string $scheme, string $to, string $way): void
{
    global $word, $wait;
    if (!usable('stream_socket_client')) {
        note($way, $to, null, 'stream_socket_client is switched off');
        return;
    }
    $s = stream_socket_client("$scheme://$to", $no, $says, $wait);
    if (!$s) {
        note($way, $to, false, $says);
        return;
    }
    stream_set_timeout($s, 1);
    $n = fwrite($s, "$word $way\n");
    $refused = $n === false || $scheme === 'udp' && fwrite($s, "$word $way\n") === false;
    fclose($s);
    if ($refused) {
        note($way, $to, false, error_get_last()['message'] ?? '');
    } else {
        // Whether a datagram arrived, only who it was sent to can say.
        note($way, $to, $scheme === 'udp' ? null : true, $scheme === 'udp' ? 'handed to the network' : '');
    }
}

function try_socket(string $to): void
{
    global $word, $wait;
    if (!usable('socket_create')) {
        note('sockets', $to, null, 'the extension sockets is missing or switched off');
        return;
    }
    [$address, $port] = address_port($to);
    $six = strpos($address, ':') !== false;
    $s = socket_create($six ? AF_INET6 : AF_INET, SOCK_STREAM, SOL_TCP);
    socket_set_option($s, SOL_SOCKET, SO_SNDTIMEO, ['sec' => (int) ceil($wait), 'usec' => 0]);
    $ok = socket_connect($s, $address, $port);
    $says = $ok ? '' : socket_strerror(socket_last_error($s));
    if ($ok) {
        socket_write($s, "$word sockets\n");
    }
    socket_close($s);
    note('sockets', $to, (bool) $ok, $says);
}

function address_port(string $to): array
{
    $at = strrpos($to, ':');
    return [trim(substr($to, 0, $at), '[]'), (int) substr($to, $at + 1)];
}

function try_raw(): void
{
    if (!usable('socket_create')) {
        note('raw_socket', '', null, 'the extension sockets is missing or switched off');
        return;
    }
    $s = socket_create(AF_INET, SOCK_RAW, 1);
    note('raw_socket', '', (bool) $s, $s ? 'this user may write packets of its own' : socket_strerror(socket_last_error()));
}

function try_curl(string $to, bool $environment): void
{
    global $word, $wait;
    $way = $environment ? 'curl_environment' : 'curl_direct';
    if (!usable('curl_init')) {
        note($way, $to, null, 'the extension curl is missing or switched off');
        return;
    }
    $c = curl_init("http://$to/$word/$way");
    curl_setopt($c, CURLOPT_RETURNTRANSFER, true);
    curl_setopt($c, CURLOPT_CONNECTTIMEOUT_MS, (int) ($wait * 1000));
    curl_setopt($c, CURLOPT_TIMEOUT_MS, (int) ($wait * 1000) + 500);
    if (!$environment) {
        curl_setopt($c, CURLOPT_PROXY, '');
    }
    $ok = curl_exec($c) !== false;
    $used = curl_getinfo($c, CURLINFO_PRIMARY_IP) . ':' . curl_getinfo($c, CURLINFO_PRIMARY_PORT);
    $straight = $used === str_replace(['[', ']'], '', $to);
    note($way, $to, $ok && $straight, $ok ? "answered by $used" : curl_error($c));
    curl_close($c);
}

function try_fopen(string $to): void
{
    global $word, $wait;
    if (!ini_get('allow_url_fopen')) {
        note('file_get_contents', $to, null, 'allow_url_fopen is off');
        return;
    }
    $context = stream_context_create(['http' => ['timeout' => $wait, 'ignore_errors' => true]]);
    $got = file_get_contents("http://$to/$word/file_get_contents", false, $context);
    note('file_get_contents', $to, $got !== false, $got === false ? (error_get_last()['message'] ?? '') : '');
}

// try_resolver asks a name server itself for a name that cannot exist. Any answer
// but "refused" means that questions, and what is written in them, leave.
function try_resolver(string $server): void
{
    global $word, $wait;
    $question = pack('n6', 4711, 0x0100, 1, 0, 0, 0);
    foreach ([$word, 'invalid'] as $label) {
        $question .= chr(strlen($label)) . $label;
    }
    $question .= "\0" . pack('n2', 1, 1);
    $to = (strpos($server, ':') !== false ? "[$server]" : $server) . ':53';
    $s = usable('stream_socket_client') ? stream_socket_client("udp://$to", $no, $says, $wait) : false;
    if (!$s) {
        note('dns', $to, false, (string) $says);
        return;
    }
    stream_set_timeout($s, (int) ceil($wait));
    fwrite($s, $question);
    $answer = fread($s, 512);
    fclose($s);
    if (!is_string($answer) || strlen($answer) < 12) {
        note('dns', $to, false, 'no answer');
        return;
    }
    $code = ord($answer[3]) & 15;
    note('dns', $to, $code !== 5, $code === 5 ? 'it answers only allowed names' : "it answers (code $code)");
}

function servers(): array
{
    $found = [];
    foreach (file('/etc/resolv.conf') ?: [] as $line) {
        if (preg_match('/^\s*nameserver\s+(\S+)/', $line, $m)) {
            $found[] = $m[1];
        }
    }
    return array_slice($found, 0, 3);
}

foreach ($ask['to'] as $to) {
    try_stream('tcp', $to, 'tcp');
    try_stream('udp', $to, 'udp');
    try_socket($to);
    try_curl($to, false);
    try_curl($to, true);
    try_fopen($to);
}
try_raw();
foreach (servers() as $server) {
    try_resolver($server);
}
foreach ($ask['names'] as $name) {
    $got = gethostbyname($name);
    note('resolve', $name, $got !== $name, $got !== $name ? "is $got" : 'not resolved');
}
foreach ($ask['proxies'] as $proxy) {
    $s = usable('stream_socket_client') ? stream_socket_client("tcp://$proxy", $no, $says, $wait) : false;
    note('proxy', $proxy, (bool) $s, $s ? '' : (string) $says);
}

echo json_encode([
    'word' => $word,
    'php' => PHP_VERSION,
    'sapi' => PHP_SAPI,
    'user' => function_exists('posix_geteuid') ? posix_geteuid() : null,
    'environment' => ['https_proxy' => getenv('https_proxy') ?: '', 'http_proxy' => getenv('http_proxy') ?: '', 'no_proxy' => getenv('no_proxy') ?: ''],
    'settings' => ['curl.cainfo' => ini_get('curl.cainfo') ?: '', 'openssl.cafile' => ini_get('openssl.cafile') ?: '', 'allow_url_fopen' => ini_get('allow_url_fopen') ?: '', 'disable_functions' => ini_get('disable_functions') ?: '', 'sendmail_path' => ini_get('sendmail_path') ?: ''],
    'programs' => usable('proc_open') || usable('exec') || usable('shell_exec') || usable('popen'),
    'attempts' => $done,
]);
