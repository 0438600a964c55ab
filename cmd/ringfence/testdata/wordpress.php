<?php
// WordPress's own way to call out, WP_Http as Debian ships it, without a database:
// the few options it asks for are answered here. Prints one JSON object per
// attempt. Started as the web user, behind the store's firewall.
error_reporting( 0 );
define( 'ABSPATH', '/usr/share/wordpress/' );
define( 'WPINC', 'wp-includes' );
define( 'WP_CONTENT_DIR', sys_get_temp_dir() );
define( 'RINGFENCE_CA', getenv( 'STORE_CA' ) );
define( 'WP_DEBUG', false );

function get_bloginfo( $show = '' ) {
	return 'version' === $show ? '6.1' : 'https://shop.example';
}
function __( $text ) {
	return $text;
}

foreach ( array( 'compat', 'load', 'plugin', 'class-wp-error', 'functions', 'formatting', 'kses', 'http', 'class-wp-http' ) as $file ) {
	require ABSPATH . WPINC . "/$file.php";
}
foreach ( array( 'proxy', 'response', 'requests-response', 'requests-hooks', 'cookie', 'encoding' ) as $part ) {
	require_once ABSPATH . WPINC . "/class-wp-http-$part.php";
}
foreach ( array( 'siteurl', 'home' ) as $option ) {
	add_filter(
		"pre_option_$option",
		function () {
			return 'https://shop.example';
		}
	);
}
require getenv( 'STORE_DEPLOY' ) . '/wp-config-ringfence.php';
require getenv( 'STORE_DEPLOY' ) . '/ringfence-trust.php';

function tell( $name, $response ) {
	$failed = is_wp_error( $response );
	echo json_encode(
		array(
			'name'     => $name,
			'answered' => ! $failed && 200 === $response['response']['code'],
			'detail'   => substr( $failed ? $response->get_error_message() : $response['response']['code'] . ' ' . $response['body'], 0, 300 ),
		)
	), "\n";
}

$chat   = '{"model":"gpt-4o-mini","max_tokens":8,"messages":[{"role":"user","content":"I am Anna Muster. Hello"}]}';
$openai = array(
	'timeout' => 60,
	'headers' => array(
		'Authorization' => 'Bearer sk-proj-the-vendors-key',
		'Content-Type'  => 'application/json',
	),
	'body'    => $chat,
);
tell( 'openai', wp_remote_post( 'https://api.openai.com/v1/chat/completions', $openai ) );
tell(
	'anthropic',
	wp_remote_post(
		'https://api.anthropic.com/v1/messages',
		array(
			'timeout' => 60,
			'headers' => array(
				'x-api-key'         => 'sk-ant-the-vendors-key',
				'anthropic-version' => '2023-06-01',
				'Content-Type'      => 'application/json',
			),
			'body'    => '{"model":"claude-sonnet-4-5","max_tokens":8,"messages":[{"role":"user","content":"Hello"}]}',
		)
	)
);
tell( 'partner', wp_remote_get( 'http://pay.example/' ) );
tell( 'elsewhere', wp_remote_get( 'http://elsewhere.example/' ) );
tell( 'disputed', wp_remote_get( 'http://disputed.example/' ) );
tell( 'collector', wp_remote_post( 'http://collector.example/', array( 'body' => array( 'mail' => 'anna@example.org' ) ) ) );
tell( 'safe', wp_safe_remote_get( 'http://pay.example/' ) ); // looks the name up itself, which it cannot

// A plugin that does without the proxy, as the filter lets it.
add_filter( 'pre_http_send_through_proxy', '__return_false' );
tell( 'opted-out', wp_remote_get( 'http://198.41.0.66/?mail=anna@example.org', array( 'timeout' => 3 ) ) );
tell( 'opted-out-openai', wp_remote_post( 'https://api.openai.com/v1/chat/completions', array( 'timeout' => 3 ) + $openai ) );
